// The variant without fonts: the other one loads Inter from Google.
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default theme;
